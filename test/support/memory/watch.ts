import type { RequestLine } from '../../../lambdas/app.ts'
import { describeError } from '../../../lambdas/describe-error.ts'
import type { Fact, Figure } from '../../../lambdas/domain/metrics.ts'

export interface Sample {
  figure: Figure
  value: number
  outcome?: string
}

/** What a function would write: its lines, notes and samples, in order. */
export class MemoryWatch {
  readonly logLines: (RequestLine & Fact)[] = []
  readonly notes: Fact[] = []
  readonly samples: Sample[] = []

  readonly metrics = {
    count: (figure: Figure, value: number, outcome?: string): void => {
      this.samples.push({ figure, value, ...(outcome !== undefined && { outcome }) })
    },
  }

  readonly note = (fact: Fact, error?: unknown): void => {
    this.notes.push({ ...fact, ...(error !== undefined && describeError(error)) })
  }

  readonly report = (line: RequestLine, error?: unknown): void => {
    this.logLines.push({ ...line, ...(error !== undefined && line.level === 'ERROR' && describeError(error)) })
  }

  /** The values of a figure, in order. */
  valuesOf(figure: Figure): number[] {
    return this.samples.filter((sample) => sample.figure === figure).map(({ value }) => value)
  }

  forget(): void {
    for (const list of [this.logLines, this.notes, this.samples]) list.length = 0
  }
}
