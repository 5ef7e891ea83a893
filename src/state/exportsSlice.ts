import type { Actions, AppState } from './appState'
import type { Slice } from './storeTypes'

/** Holds the form of exported files: data, unless the user asks for a spreadsheet's. */
export const createExportsSlice: Slice<
  Pick<AppState, 'spreadsheetCsv'> & Pick<Actions, 'setSpreadsheetCsv'>
> = (set) => ({
  spreadsheetCsv: false,
  setSpreadsheetCsv: (spreadsheetCsv) => set({ spreadsheetCsv }),
})
