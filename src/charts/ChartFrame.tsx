import { type ReactNode, useId, useState } from 'react'
import './charts.css'

export interface ChartFrameProps {
  readonly heading: ReactNode
  readonly subtitle?: ReactNode
  readonly headingLevel?: 2 | 3
  /** The chart. */
  readonly children: ReactNode
  /** The chart's numbers as a table; called only while the table is open, because a large one takes time. */
  readonly table?: () => ReactNode
  /** Buttons next to the table's. */
  readonly actions?: ReactNode
}

/** Draws a chart with its heading, its table and its actions. */
export function ChartFrame({
  heading,
  subtitle,
  headingLevel = 2,
  children,
  table,
  actions,
}: ChartFrameProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const Heading = headingLevel === 2 ? 'h2' : 'h3'
  return (
    <section className="chart-panel" aria-labelledby={`${id}heading`}>
      <header className="chart-header">
        <div className="chart-title">
          <Heading id={`${id}heading`} className="chart-heading">
            {heading}
          </Heading>
          {subtitle && <p className="chart-subtitle">{subtitle}</p>}
        </div>
        <div className="chart-actions">
          {actions}
          {table && (
            <button
              type="button"
              className="chart-button"
              aria-expanded={open}
              aria-controls={`${id}table`}
              onClick={() => setOpen(!open)}
            >
              Table
            </button>
          )}
        </div>
      </header>
      {children}
      {table && (
        <div id={`${id}table`} hidden={!open}>
          {open && table()}
        </div>
      )}
    </section>
  )
}
