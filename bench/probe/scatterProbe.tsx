import { createRoot } from 'react-dom/client'
import '../../src/app/styles/index.css'
import { Scatterplot } from '../../src/charts/corpus/scatter/Scatterplot'

/** Controls the bench's own page: one scatterplot of as many points as asked for, and a hand that pans it. */
export interface ScatterProbe {
  /** Draws `count` points. @returns ms until the first picture was handed to the browser, and how it is drawn */
  show(count: number): Promise<number>
  /** Pans for a number of frames, one move a frame; each frame is marked `bench-frame` in the trace. */
  pan(frames: number): Promise<void>
  /** Adds points to those that are there. @returns ms of the page's own work */
  append(count: number): Promise<number>
  /** Returns the browser's name of what draws the points. */
  renderer(): string
}

declare global {
  interface Window {
    scatterProbe: ScatterProbe
  }
}

const nextFrame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))

/** Returns a generator of the same numbers at every visit. */
function createRandom(): () => number {
  let state = 7
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Returns points of commonness and shift like a corpus's: most occurrences are of few types, and shift falls with
 * commonness.
 */
function pointsOf(count: number) {
  const random = createRandom()
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const x = new Float32Array(count)
  const y = new Float32Array(count)
  const tokenIds = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const type = Math.floor(Math.exp(random() * Math.log(20_000)))
    tokenIds[i] = type
    x[i] = 1 - Math.log(type) / Math.log(20_000)
    y[i] = 10.2 - 2.1 * x[i] + 1.5 * Math.sin(type * 12.9898) + 0.4 * normal()
  }
  return { points: { x, y, marked: null }, tokenIds }
}

type Points = ReturnType<typeof pointsOf>

const host = document.getElementById('root')
if (!host) throw new Error('The probe page has no #root.')
const root = createRoot(host)
let shown: Points | null = null

const EXTREMES = { highest: 5, lowest: 5 }
const nameOf = (id: number) => `token${id}`

async function render({ points, tokenIds }: Points): Promise<number> {
  const start = performance.now()
  root.render(
    <Scatterplot
      points={points}
      tokenIds={tokenIds}
      tokenName={nameOf}
      xLabel="commonness"
      yLabel="embedding shift, l2"
      title="Embedding shift against commonness"
      extremes={EXTREMES}
    />,
  )
  await nextFrame()
  await nextFrame()
  return performance.now() - start
}

window.scatterProbe = {
  show: (count) => {
    shown = pointsOf(count)
    return render(shown)
  },
  renderer: () => {
    const gl = document.querySelector<HTMLCanvasElement>('.corpus-points')?.getContext('webgl2')
    if (!gl) return '2D canvas'
    const names = gl.getExtension('WEBGL_debug_renderer_info')
    return String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  },
  append: (count) => render(pointsOf((shown?.points.x.length ?? 0) + count)),
  pan: async (frames) => {
    const surface = document.querySelector('.corpus-surface')
    if (!surface) throw new Error('The probe page shows no scatterplot.')
    const { left, top, width, height } = surface.getBoundingClientRect()
    const send = (type: string, x: number, y: number) =>
      surface.dispatchEvent(
        new PointerEvent(type, {
          bubbles: true,
          cancelable: true,
          pointerId: 1,
          pointerType: 'touch',
          button: 0,
          buttons: 1,
          clientX: left + x,
          clientY: top + y,
        }),
      )
    // Close enough that there is somewhere to pan to.
    for (let step = 0; step < 2; step++) {
      document.querySelector<HTMLButtonElement>('[aria-label="Zoom in"]')?.click()
    }
    await nextFrame()
    send('pointerdown', width / 2, height / 2)
    for (let frame = 0; frame < frames; frame++) {
      await nextFrame()
      performance.mark('bench-frame')
      const angle = (frame / 60) * 2 * Math.PI
      send('pointermove', width * (0.5 + 0.15 * Math.cos(angle)), height * (0.5 + 0.15 * Math.sin(angle)))
    }
    send('pointerup', width / 2, height / 2)
  },
}
