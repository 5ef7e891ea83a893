import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'

interface Room {
  /** Other rooms it may import from. */
  readonly rooms: readonly string[]
  /** Packages it may import from; a trailing `*` stands for anything. Tests may use any. */
  readonly packages: readonly string[]
}

const BELOW_ENGINE = ['onnx', 'weights', 'core']

/** The directions of the rooms, and with what each is built. A new package is a decision: it is written down here. */
const ROOMS: Readonly<Record<string, Room>> = {
  core: {
    rooms: [],
    packages: ['@stdlib/*', 'd3-array', 'd3-dsv', 'fflate', 'simple-statistics', 'valibot'],
  },
  weights: { rooms: ['core'], packages: ['fflate', 'valibot'] },
  onnx: { rooms: ['weights', 'core'], packages: ['@bufbuild/protobuf*', 'valibot'] },
  engine: {
    rooms: BELOW_ENGINE,
    packages: [
      'ml-matrix',
      'onnxruntime-*',
      '@bufbuild/protobuf/wire',
      '@noble/hashes/*',
      'stemmer',
      'valibot',
      'node:*',
    ],
  },
  corpus: {
    rooms: ['engine', ...BELOW_ENGINE],
    packages: [
      'chardet',
      'd3-array',
      'd3-dsv',
      'd3-format',
      'fflate',
      'hyparquet*',
      'idb',
      'papaparse',
      'valibot',
    ],
  },
  worker: {
    rooms: ['corpus', 'engine', ...BELOW_ENGINE],
    packages: ['onnxruntime-web/wasm', 'onnxruntime-web/webgpu', 'onnxruntime-web/jspi', 'valibot'],
  },
  state: { rooms: ['core'], packages: ['zustand*', 'd3-array', 'd3-dsv', 'd3-format', 'fflate', 'valibot'] },
  // The service worker and the page's hold on it: it keeps files and knows nothing of what they do.
  serviceWorker: {
    rooms: [],
    packages: ['workbox-precaching', 'workbox-routing', 'workbox-window'],
  },
  charts: {
    rooms: ['core'],
    packages: ['react*', 'd3-array', 'd3-color', 'd3-format', 'd3-interpolate', 'd3-scale', 'd3-shape'],
  },
  views: {
    rooms: ['state', 'charts', 'core'],
    packages: ['react*', 'zustand*', 'd3-array', 'd3-dsv', 'd3-format'],
  },
  app: {
    rooms: ['views', 'state', 'charts', 'serviceWorker', 'worker', 'core'],
    packages: ['react*', 'zustand*', '@fontsource-variable/*'],
  },
  // What is published as a library, in Node and in a browser; the command stands on it.
  api: {
    rooms: ['corpus', 'engine', ...BELOW_ENGINE],
    packages: ['onnxruntime-web/wasm', 'onnxruntime-web/webgpu'],
  },
  cli: {
    // The report draws with the page's own charts.
    rooms: ['api', 'charts', 'corpus', 'engine', ...BELOW_ENGINE],
    packages: [
      'commander',
      'd3-array',
      'd3-format',
      'd3-interpolate',
      'react',
      'react-dom/server',
      'valibot',
      'node:*',
    ],
  },
}

/** Modules that are started from outside of src, and so are imported by nothing in it but tests. */
const ENTRIES: ReadonlySet<string> = new Set(['api/index.ts', 'api/browser.ts', 'cli/program.ts'])

/** Tests and the fixtures they read; with the extension or, in an import, without. */
const TEST_FILE = /(\.test|Fixture)(\.tsx?)?$/

type Node = { readonly type: string } & Readonly<Record<string, unknown>>

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Tells whether a node is `import.meta.<name>`. */
function isImportMeta(value: unknown, name: string): boolean {
  if (!isNode(value) || value.type !== 'MemberExpression') return false
  const { object, property } = value
  return isNode(object) && object.type === 'MetaProperty' && isNode(property) && property.name === name
}

/** Returns the expression that names what a node imports; undefined for nodes that import nothing. */
function specifierOf(node: Node): unknown {
  const { type, callee } = node
  if (/^(ImportDeclaration|ExportAllDeclaration|ImportExpression|TSImportType)$/.test(type))
    return node.source
  if (type === 'ExportNamedDeclaration') return node.source ?? undefined
  if (type === 'TSExternalModuleReference') return node.expression
  if (!Array.isArray(node.arguments) || !isNode(callee)) return undefined
  const [first, second]: unknown[] = node.arguments
  if (type === 'NewExpression' && callee.name === 'URL' && isImportMeta(second, 'url')) return first
  const called = callee.name === 'require' || isImportMeta(callee, 'glob') || isImportMeta(callee, 'resolve')
  return type === 'CallExpression' && called ? first : undefined
}

function literalsOf(expression: unknown): string[] {
  if (!isNode(expression)) return []
  if (expression.type === 'Literal' && typeof expression.value === 'string') return [expression.value]
  if (expression.type === 'ArrayExpression' && Array.isArray(expression.elements)) {
    return expression.elements.flatMap(literalsOf)
  }
  if (expression.type === 'TemplateLiteral' && Array.isArray(expression.quasis)) {
    const [quasi, ...more]: { value: { cooked: string } }[] = expression.quasis
    return more.length === 0 ? [quasi.value.cooked] : []
  }
  return []
}

/** Lists what a module imports, in any form; null stands for an import whose name is computed. */
function importsOf(path: string, source: string): (string | null)[] {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const found: (string | null)[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    if (!isNode(value)) return
    const specifier = specifierOf(value)
    if (specifier !== undefined) {
      const literals = literalsOf(specifier)
      found.push(...(literals.length > 0 ? literals : [null]))
    }
    Object.values(value).forEach(visit)
  }
  visit(program)
  return found
}

const matches = (name: string, pattern: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

function complaint(path: string, specifier: string | null): string | undefined {
  const name = path.split('/')[0]
  const room = ROOMS[name]
  const isTest = TEST_FILE.test(path)
  if (!path.includes('/')) return isTest ? undefined : `${path}: stands outside of the rooms`
  if (!room) return `${path}: ${name} is no room`
  if (specifier === null)
    return isTest ? undefined : `${path}: an import with a computed name cannot be checked`
  if (!specifier.startsWith('.')) {
    const packageName =
      isBuiltin(specifier) && !specifier.startsWith('node:') ? `node:${specifier}` : specifier
    const allowed = isTest || room.packages.some((pattern) => matches(packageName, pattern))
    return allowed ? undefined : `${path}: ${name} may not import the package ${specifier}`
  }
  const target = posix.join(posix.dirname(path), specifier)
  if (target.startsWith('..')) {
    return isTest ? undefined : `${path}: imports ${specifier}, which lies outside of src`
  }
  if (!isTest && TEST_FILE.test(target)) return `${path}: ${specifier} is for tests`
  const targetRoom = target.split('/')[0]
  if (targetRoom === name || room.rooms.includes(targetRoom)) return undefined
  return `${path}: ${name} may not import from ${targetRoom} (${specifier})`
}

/** Lists what a module imports against the rules; empty where it keeps them. `path` counts from src, with forward slashes. */
function complaints(path: string, source: string): string[] {
  return importsOf(path, source).flatMap((specifier) => complaint(path, specifier) ?? [])
}

/** Lists the modules of src that a module of src imports. */
const targetsOf = (path: string, sources: ReadonlyMap<string, string>) =>
  importsOf(path, sources.get(path) ?? '').flatMap((specifier) => {
    if (!specifier?.startsWith('.')) return []
    const target = posix.join(posix.dirname(path), specifier)
    return ['', '.ts', '.tsx', '/index.ts'].map((end) => target + end).filter((file) => sources.has(file))
  })

/** Finds groups of modules that import one another in a circle, types included. Paths count from src. */
function importCircles(sources: ReadonlyMap<string, string>): string[][] {
  // Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972): strongly connected components.
  const order = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (path: string): number => {
    const number = order.size
    order.set(path, number)
    open.push(path)
    const targets = targetsOf(path, sources)
    const reached = targets.map((target) => {
      if (!order.has(target)) return visit(target)
      return open.includes(target) ? (order.get(target) ?? number) : number
    })
    const lowest = Math.min(number, ...reached)
    if (lowest === number) {
      const component = open.splice(open.indexOf(path))
      if (component.length > 1 || targets.includes(path)) circles.push(component.sort())
    }
    return lowest
  }
  for (const path of sources.keys()) if (!order.has(path)) visit(path)
  return circles
}

/** Lists the helpers of tests whose names do not say so: only tests import them, and not only their own. */
function onlyForTests(sources: ReadonlyMap<string, string>): string[] {
  const importers = new Map<string, string[]>()
  for (const path of sources.keys()) {
    for (const target of targetsOf(path, sources)) {
      importers.set(target, [...(importers.get(target) ?? []), path])
    }
  }
  const isOwnTest = (path: string, by: string) => by.startsWith(path.replace(/\.tsx?$/, '.'))
  return [...importers]
    .filter(([path]) => !TEST_FILE.test(path) && !ENTRIES.has(path))
    .filter(
      ([path, by]) => by.every((name) => TEST_FILE.test(name)) && !by.every((name) => isOwnTest(path, name)),
    )
    .map(([path]) => path)
}

describe('the rooms of src', () => {
  const src = dirname(fileURLToPath(import.meta.url))
  const sources = new Map(
    readdirSync(src, { recursive: true, encoding: 'utf8' })
      .map((path) => path.split(sep).join('/'))
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => [path, readFileSync(join(src, path), 'utf8')]),
  )

  it('are imported in their direction only', () => {
    expect(sources.size).toBeGreaterThan(10)
    expect([...sources].flatMap(([path, source]) => complaints(path, source))).toEqual([])
  })

  it('name what only tests import *Fixture', () => {
    expect(onlyForTests(sources)).toEqual([])
  })

  it('hold no circle of imports, types included', () => {
    expect(importCircles(sources)).toEqual([])
  })
})

describe('the test of circles', () => {
  it('finds modules that import one another, however long the way and whatever the form', () => {
    const sources = new Map([
      ['a/one.ts', "import type { B } from './two'"],
      ['a/two.ts', "export * from '../b/three'"],
      ['b/three.tsx', "type One = import('../a/one').One; import { leaf } from './leaf'"],
      ['b/leaf.ts', "import 'a-package'"],
      ['b/self.ts', "import { self } from './self'"],
      ['b/user.ts', "import { leaf } from './leaf'; import { one } from '../a/one'"],
    ])
    expect(importCircles(sources)).toEqual([['a/one.ts', 'a/two.ts', 'b/three.tsx'], ['b/self.ts']])
  })

  it('finds none in what only leads down', () => {
    const sources = new Map([
      ['a.ts', "import { b } from './b'; import { c } from './c'"],
      ['b.ts', "import { c } from './c'"],
      ['c.ts', ''],
    ])
    expect(importCircles(sources)).toEqual([])
  })
})

describe('the test of the rooms', () => {
  it.each([
    ['core/a.ts', "import { b } from '../state/b'"],
    ['core/a.ts', "import type { B } from '../weights/b'"],
    ['core/a.ts', "import react from 'react'"],
    ['core/a.ts', "import { select } from 'd3-selection'"],
    ['core/a.ts', "import { readFile } from 'fs/promises'"],
    ['core/a.ts', "export * from '../onnx/b'"],
    ['core/a.ts', "export { b } from '../onnx/b'"],
    ['core/a.ts', "type B = import('../engine/b').B"],
    ['core/a.ts', "import b = require('../engine/b')"],
    ['core/deep/a.ts', "const b = await import('../../worker/b')"],
    ['core/a.ts', 'const b = await import(`../worker/b`)'],
    ['core/a.ts', "const name = '../worker/b'; const b = await import(name)"],
    ['core/a.ts', "import manifest from '../../package.json'"],
    ['core/a.test.ts', "import { b } from '../state/b'"],
    ['core/a.ts', "import { b } from './bFixture'"],
    ['charts/A.tsx', "import { create } from 'zustand'; export const a = <p />"],
    ['charts/A.tsx', "import type { AppState } from '../state/appState'"],
    ['state/a.ts', "const modules = import.meta.glob(['./x/*.ts', '../views/*.tsx'])"],
    ['views/A.tsx', "new Worker(new URL('../worker/b.ts', import.meta.url), { type: 'module' })"],
    ['views/A.tsx', "import { openDB } from 'idb'"],
    ['worker/a.ts', "import * as ort from 'onnxruntime-web'"],
    ['worker/a.ts', "import { b } from '../state/b'"],
    ['onnx/a.ts', "import type { Tensor } from 'onnxruntime-common'"],
    ['corpus/a.ts', "import { AutoTokenizer } from '@huggingface/transformers'"],
    ['app/a.ts', "import { b } from '../engine/b'"],
    ['attic/a.ts', "import { b } from '../core/b'"],
    ['a.ts', "import { b } from './core/b'"],
    ['api/a.ts', "import { b } from '../cli/b'"],
  ])('complains about %s: %s', (path, source) => {
    expect(complaints(path, source)).toHaveLength(1)
  })

  it('finds a helper of tests that is not named so', () => {
    const sources = new Map([
      ['core/a.ts', "import { b } from './b'"],
      ['core/b.ts', ''],
      ['core/helper.ts', ''],
      ['core/helperFixture.ts', "export * from './helper'"],
      ['core/new.ts', ''],
      ['core/new.test.ts', "import './new'"],
      ['core/b.test.ts', "import './helper'; import './helperFixture'; import { b } from './b'"],
    ])
    expect(onlyForTests(sources)).toEqual(['core/helper.ts'])
  })

  it.each([
    ['core/a.ts', "import { b } from './b'; import * as v from 'valibot'"],
    ['core/a.test.ts', "import { readFileSync } from 'node:fs'; import fixture from '../../fixtures/a.json'"],
    ['core/aFixture.ts', "const a = new URL('../../' + name, import.meta.url)"],
    ['core/a.test.ts', "import { b } from './bFixture'"],
    ['engine/a.ts', "import type { InferenceSession } from 'onnxruntime-common'"],
    ['worker/a.ts', "import * as ort from 'onnxruntime-web/webgpu'; import { b } from '../engine/b'"],
    ['app/a.ts', "new Worker(new URL('../worker/b.ts', import.meta.url)); import 'react'"],
    ['app/a.ts', "export const base = new URL('../nowhere/', location.href)"],
    ['views/A.tsx', "import '../charts/B'; import { useStore } from 'zustand'; export const a = <p />"],
  ])('lets pass %s: %s', (path, source) => {
    expect(complaints(path, source)).toEqual([])
  })
})
