import * as v from 'valibot'

/** Result of measuring the devices for one model on one adapter. */
const choiceSchema = v.object({
  provider: v.picklist(['wasm', 'webgpu']),
  note: v.string(),
})

export type DeviceChoice = v.InferOutput<typeof choiceSchema>

const keyOf = (sha256: string, adapter: string) => `ripplescope:device:v1:${sha256.slice(0, 16)}:${adapter}`

/** Returns the remembered choice; null where there is none or storage is denied. */
export function recallDevice(storage: Storage | null, sha256: string, adapter: string): DeviceChoice | null {
  try {
    const text = storage?.getItem(keyOf(sha256, adapter))
    if (!text) return null
    const parsed = v.safeParse(choiceSchema, JSON.parse(text))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

/** Remembers a choice; where storage is full or denied it is measured again next time. */
export function rememberDevice(
  storage: Storage | null,
  sha256: string,
  adapter: string,
  choice: DeviceChoice,
): void {
  try {
    storage?.setItem(keyOf(sha256, adapter), JSON.stringify(choice))
  } catch {
    // Nothing is lost but the shortcut.
  }
}
