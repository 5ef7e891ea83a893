import { createReadStream } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** onnxruntime-web's own files: WASM alone, WebGPU over asyncify, WebGPU over JSPI. */
const RUNTIME_FILES = ['', '.asyncify', '.jspi'].flatMap((variant) =>
  ['mjs', 'wasm'].map((extension) => `ort-wasm-simd-threaded${variant}.${extension}`),
)

/** Paths at which the page asks for them. */
export const RUNTIME_PATH = /^\/runtime\/(ort-wasm-simd-threaded(?:\.asyncify|\.jspi)?\.(?:mjs|wasm))$/

/** Folder of these files in the package. */
export const RUNTIME_FOLDER = dirname(
  fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
)

/**
 * Puts onnxruntime-web's `.mjs` and `.wasm` under `runtime/`, as they are: the page points `ort.env.wasm.wasmPaths`
 * there and fetches only the variant it uses. In development they are served from the package.
 *
 * @returns {import('vite').Plugin}
 */
export function runtimeFiles() {
  let folder = ''
  return {
    name: 'runtime-files',
    configResolved(config) {
      folder = join(config.root, config.build.outDir, 'runtime')
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const [, name] = RUNTIME_PATH.exec(new URL(request.url ?? '/', 'http://localhost').pathname) ?? []
        if (name === undefined) return next()
        for (const [header, value] of Object.entries(server.config.server.headers ?? {})) {
          if (value !== undefined) response.setHeader(header, value)
        }
        response.setHeader('Content-Type', name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript')
        createReadStream(join(RUNTIME_FOLDER, name)).pipe(response)
      })
    },
    async writeBundle() {
      await mkdir(folder, { recursive: true })
      await Promise.all(RUNTIME_FILES.map((name) => copyFile(join(RUNTIME_FOLDER, name), join(folder, name))))
    },
  }
}
