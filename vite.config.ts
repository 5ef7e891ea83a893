import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import manifest from './package.json' with { type: 'json' }
import { serviceWorker } from './scripts/buildServiceWorker.mjs'
import { compress } from './scripts/compress.mjs'
import { preloadFonts } from './scripts/preloadFonts.mjs'
import { RUNTIME_FOLDER, runtimeFiles } from './scripts/runtimeFiles.mjs'
import { securityPolicy } from './scripts/securityPolicy.mjs'
import { ISOLATION_HEADERS } from './scripts/serve.mjs'
import { thirdPartyNotices } from './scripts/thirdPartyNotices.mjs'

const notices = thirdPartyNotices([`${RUNTIME_FOLDER}/ort-wasm-simd-threaded.wasm`])

export default defineConfig({
  // Relative, so that the built page works from any path of any host.
  base: './',
  plugins: [
    react(),
    securityPolicy(),
    preloadFonts(),
    runtimeFiles(),
    notices.collect(),
    serviceWorker([notices.collect()]),
    notices.write(),
    compress(),
  ],
  define: { __APP_VERSION__: JSON.stringify(manifest.version) },
  resolve: {
    // Without it onnxruntime-web brings its runtime inside its own module, and each worker a copy.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    dedupe: ['onnxruntime-web', 'onnxruntime-common'],
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es', plugins: () => [notices.collect()] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Sizes are held by the benchmark, compressed as they travel.
    reportCompressedSize: false,
  },
  server: { headers: ISOLATION_HEADERS },
  preview: { headers: ISOLATION_HEADERS },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    environment: 'node',
    // Vitest leaves a core to others; on a small machine that is half of it.
    maxWorkers: Math.min(4, availableParallelism()),
    // The command's report takes rules of the charts' style sheets; all other sheets are empty in tests.
    css: { include: [/\.css\?raw$/] },
    // Unit tests run real models; a slow machine is not a failure.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    restoreMocks: true,
  },
})
