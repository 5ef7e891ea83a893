import { describe, expect, it } from 'vitest'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import { INFO } from '../explore/explorerFixture'
import { adoptModel } from './sessionModel'

const SHA = 'c'.repeat(64)

const made = (id: string, sha256 = SHA): Session => ({
  ...EMPTY_SESSION,
  text: 'the film was good',
  model: { id, sha256 },
  position: 3,
  tokenId: 7,
  held: [{ position: 1, tokenId: 5 }],
  pins: [{ text: 'a film', substitutions: [{ position: 1, tokenId: 9 }], color: 0 }],
})

const of = (id: string) => ({ ...INFO, id, provenance: { ...INFO.provenance, modelId: id } })

describe('a session of', () => {
  it('the open model is shown whole', () => {
    const session = made(INFO.id, INFO.provenance.sha256)
    expect(adoptModel(session, INFO)).toEqual({ session, notice: null, offer: null })
  })

  it.each(['owner/name', 'owner/name@v2', './folder', 'https://page.example/models/mine/'])(
    '%s keeps its text and waits for its model, whether one is open or none',
    (id) => {
      const session = made(id)
      for (const info of [null, INFO]) {
        const adopted = adoptModel(session, info)
        expect(adopted.session).toMatchObject({ text: session.text, position: null, tokenId: null })
        expect(adopted.session).toMatchObject({ held: [], pins: [], norm: session.norm })
        expect(adopted.session.model.id).toBe(info?.id ?? '')
        expect(adopted).toMatchObject({ notice: null, offer: { session } })
      }
    },
  )

  it('the built-in model waits for it while a model from elsewhere is open', () => {
    const session = made('built-in')
    expect(adoptModel(session, of('owner/name'))).toMatchObject({ session: { pins: [] }, offer: { session } })
  })

  it('the same hub model with other weights is shown, and says that numbers differ', () => {
    const adopted = adoptModel(made('owner/name'), of('owner/name'))
    expect(adopted.session).toMatchObject({ position: 3, model: { sha256: INFO.provenance.sha256 } })
    expect(adopted.notice?.text).toMatch(/cccccccc.*numbers differ/)
    expect(adopted.offer).toBeNull()
  })
})
