import type { Sort } from '../charts/sorting'
import type { OrderedTable, TableOrder } from '../core/session/session'
import { useActions, useAppStore } from './appContext'

/** Returns the order of a table that the session keeps, and what sets it: for `useSorting`, whose columns are its own. */
export function useTableOrder<Table extends OrderedTable>(
  table: Table,
): readonly [order: Sort, setOrder: (order: Sort) => void] {
  const order = useAppStore(({ session }) => session.orders[table])
  const { setOrder } = useActions()
  return [order, (next) => setOrder(table, next as TableOrder<Table>)]
}
