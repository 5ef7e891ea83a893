/**
 * A plugin of buf (buf.gen.yaml): protoc-gen-es, without the line that turns a linter off which nobody here uses.
 */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { CodeGeneratorResponseSchema } from '@bufbuild/protobuf/wkt'

const generator = new URL('../node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es', import.meta.url)
const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(generator)], {
  stdio: ['inherit', 'pipe', 'inherit'],
  maxBuffer: 2 ** 26,
})
if (status !== 0) process.exit(status ?? 1)
const response = fromBinary(CodeGeneratorResponseSchema, stdout)
for (const file of response.file) file.content = file.content.replace('/* eslint-disable */\n', '')
process.stdout.write(toBinary(CodeGeneratorResponseSchema, response))
