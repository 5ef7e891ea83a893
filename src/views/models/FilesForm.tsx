import { type FormEvent, useId, useRef } from 'react'
import { readPickedFiles } from './readDroppedFolder'
import { useOpenFiles } from './useOpenFiles'

/** Draws the form for a folder or files of this machine. */
export function FilesForm() {
  const folder = useRef<HTMLInputElement>(null)
  const files = useRef<HTMLInputElement>(null)
  const openFiles = useOpenFiles()
  const headingId = useId()
  const pick = (event: FormEvent<HTMLInputElement>) => {
    const field = event.currentTarget
    const picked = [...(field.files ?? [])]
    field.value = ''
    void openFiles(() => readPickedFiles(picked))
  }
  return (
    <section className="model-source" aria-labelledby={headingId}>
      <h3 id={headingId}>From this machine</h3>
      <p>
        Drop a model’s folder here: <code>config.json</code>, <code>tokenizer.json</code> and{' '}
        <code>model.safetensors</code> (also in shards), <code>pytorch_model.bin</code> or an ONNX file.
        Nothing needs converting, and nothing leaves this machine.
      </p>
      <div className="row">
        <button type="button" className="button" onClick={() => folder.current?.click()}>
          Pick a folder…
        </button>
        <button type="button" className="button" onClick={() => files.current?.click()}>
          Pick files…
        </button>
      </div>
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Model folder"
        onChange={pick}
        {...{ webkitdirectory: '' }}
      />
      <input ref={files} type="file" hidden multiple aria-label="Model files" onChange={pick} />
    </section>
  )
}
