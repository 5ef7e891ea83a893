import { densityRamp, FAINTEST_MARKED } from '../density'
import {
  fitCanvas,
  type PointColumns,
  type PointFrame,
  type PointLayer,
  type PointLayerEvents,
  type PointStyle,
  pointFlags,
  UNSELECTED,
} from './pointLayer'
import { COUNT_FRAGMENT, COUNT_VERTEX, TONE_FRAGMENT, TONE_VERTEX } from './webglShaders'

type Gl = WebGL2RenderingContext

function createProgram(gl: Gl, vertex: string, fragment: string): WebGLProgram | null {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type)
    if (!shader) return null
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
    gl.deleteShader(shader)
  }
  gl.linkProgram(program)
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null
}

function createTexture(gl: Gl): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST)
  }
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
    gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE)
  }
  return texture
}

/** Says how points are counted in a pixel. A point beyond `most` adds nothing, so the scale ends there. */
interface CountFormat {
  readonly internal: number
  readonly type: number
  /** Amount that one point adds. */
  readonly unit: number
  readonly most: number
}

function countFormat(gl: Gl): CountFormat {
  const floats = gl.getExtension('EXT_color_buffer_float')
  if (floats && gl.getExtension('EXT_float_blend')) {
    return { internal: gl.RGBA32F, type: gl.FLOAT, unit: 1, most: 2 ** 24 }
  }
  if (floats || gl.getExtension('EXT_color_buffer_half_float')) {
    return { internal: gl.RGBA16F, type: gl.HALF_FLOAT, unit: 1, most: 2048 }
  }
  return { internal: gl.RGBA8, type: gl.UNSIGNED_BYTE, unit: 1 / 255, most: 255 }
}

/** Holds everything in the graphics context, which is lost with it. */
interface Resources {
  upload(points: PointColumns, flags: Uint8Array): void
  setFlags(flags: Uint8Array): void
  setRamps(style: PointStyle): void
  draw(frame: PointFrame, hasSelection: boolean): void
  release(): void
}

function createResources(gl: Gl): Resources | null {
  const format = countFormat(gl)
  const counting = createProgram(gl, COUNT_VERTEX, COUNT_FRAGMENT)
  const toning = createProgram(gl, TONE_VERTEX, TONE_FRAGMENT)
  if (!counting || !toning) return null

  const vertices = gl.createVertexArray()
  gl.bindVertexArray(vertices)
  const columns = (['x', 'y', 'flags'] as const).map((name) => {
    const buffer = gl.createBuffer()
    const location = gl.getAttribLocation(counting, name)
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.enableVertexAttribArray(location)
    gl.vertexAttribPointer(location, 1, name === 'flags' ? gl.UNSIGNED_BYTE : gl.FLOAT, false, 0, 0)
    return buffer
  })
  const counts = createTexture(gl)
  const ramps = createTexture(gl)
  const target = gl.createFramebuffer()
  const activate = gl.useProgram.bind(gl)
  const uniform = (program: WebGLProgram, name: string) => gl.getUniformLocation(program, name)
  const at = {
    center: uniform(counting, 'center'),
    scale: uniform(counting, 'scale'),
    diameter: uniform(counting, 'diameter'),
    countUnit: uniform(counting, 'unit'),
    counts: uniform(toning, 'counts'),
    ramps: uniform(toning, 'ramps'),
    toneUnit: uniform(toning, 'unit'),
    logMost: uniform(toning, 'logMost'),
    unselected: uniform(toning, 'unselected'),
  }
  let size = { width: 0, height: 0 }
  let length = 0

  function resizeTarget(width: number, height: number) {
    if (size.width === width && size.height === height) return
    size = { width, height }
    gl.bindTexture(gl.TEXTURE_2D, counts)
    gl.texImage2D(gl.TEXTURE_2D, 0, format.internal, width, height, 0, gl.RGBA, format.type, null)
    gl.bindFramebuffer(gl.FRAMEBUFFER, target)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, counts, 0)
  }

  function fill(column: 0 | 1 | 2, data: Float32Array | Uint8Array) {
    gl.bindBuffer(gl.ARRAY_BUFFER, columns[column])
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW)
  }

  function countPoints({ view, radius, pixelRatio }: PointFrame) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, target)
    gl.clear(gl.COLOR_BUFFER_BIT)
    activate(counting)
    gl.bindVertexArray(vertices)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE)
    gl.uniform2f(at.center, (view.x[0] + view.x[1]) / 2, (view.y[0] + view.y[1]) / 2)
    gl.uniform2f(at.scale, 2 / (view.x[1] - view.x[0]), 2 / (view.y[1] - view.y[0]))
    gl.uniform1f(at.diameter, 2 * radius * pixelRatio)
    gl.uniform1f(at.countUnit, format.unit)
    gl.drawArrays(gl.POINTS, 0, length)
  }

  function toneCounts(most: number, hasSelection: boolean) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
    gl.clear(gl.COLOR_BUFFER_BIT)
    activate(toning)
    gl.bindVertexArray(null)
    gl.disable(gl.BLEND)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, counts)
    gl.activeTexture(gl.TEXTURE1)
    gl.bindTexture(gl.TEXTURE_2D, ramps)
    gl.activeTexture(gl.TEXTURE0)
    gl.uniform1i(at.counts, 0)
    gl.uniform1i(at.ramps, 1)
    gl.uniform1f(at.toneUnit, format.unit)
    gl.uniform1f(at.logMost, Math.log1p(Math.max(1, Math.min(format.most, most))))
    gl.uniform1f(at.unselected, hasSelection ? UNSELECTED : 1)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
    gl.bindTexture(gl.TEXTURE_2D, null)
  }

  return {
    upload: (points, flags) => {
      length = points.x.length
      fill(0, points.x)
      fill(1, points.y)
      fill(2, flags)
    },
    setFlags: (flags) => fill(2, flags),
    setRamps: ({ plain, marked }) => {
      const rows = new Uint8Array([...densityRamp(plain), ...densityRamp(marked, FAINTEST_MARKED)])
      gl.bindTexture(gl.TEXTURE_2D, ramps)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, rows)
    },
    draw: (frame, hasSelection) => {
      const { width, height } = gl.canvas
      resizeTarget(width, height)
      gl.viewport(0, 0, width, height)
      gl.clearColor(0, 0, 0, 0)
      countPoints(frame)
      toneCounts(frame.most, hasSelection)
    },
    release: () => {
      for (const buffer of columns) gl.deleteBuffer(buffer)
      gl.deleteTexture(counts)
      gl.deleteTexture(ramps)
      gl.deleteFramebuffer(target)
      gl.deleteVertexArray(vertices)
      gl.deleteProgram(counting)
      gl.deleteProgram(toning)
    },
  }
}

/**
 * Creates a layer that counts points by pixel in one pass and colours them by a logarithmic ramp in a second: density
 * at every place and zoom, for any number of points. Nothing runs between two calls of `draw`.
 *
 * @returns null without WebGL 2
 */
export function createWebglLayer(canvas: HTMLCanvasElement, events: PointLayerEvents): PointLayer | null {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false })
  if (!gl) return null
  let resources = createResources(gl)
  if (!resources) return null
  let points: PointColumns = { x: new Float32Array(0), y: new Float32Array(0), marked: null }
  let selected: Uint32Array | null = null
  let style: PointStyle | null = null

  const lose = (event: Event) => {
    // Required so that the browser restores the context.
    event.preventDefault()
    resources = null
    events.lost()
  }
  const restore = () => {
    resources = createResources(gl)
    resources?.upload(points, pointFlags(points, selected))
    if (style) resources?.setRamps(style)
    if (resources) events.restored()
  }
  canvas.addEventListener('webglcontextlost', lose)
  canvas.addEventListener('webglcontextrestored', restore)

  return {
    kind: 'webgl',
    setPoints: (next) => {
      points = next
      resources?.upload(points, pointFlags(points, selected))
    },
    setSelection: (next) => {
      selected = next
      resources?.setFlags(pointFlags(points, selected))
    },
    setStyle: (next) => {
      style = next
      resources?.setRamps(next)
    },
    draw: (frame) => {
      fitCanvas(canvas, frame)
      resources?.draw(frame, selected !== null)
    },
    dispose: () => {
      canvas.removeEventListener('webglcontextlost', lose)
      canvas.removeEventListener('webglcontextrestored', restore)
      resources?.release()
      // Frees the context at once: a page has few of them.
      gl.getExtension('WEBGL_lose_context')?.loseContext()
    },
  }
}
