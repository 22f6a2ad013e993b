/** The words of a chart's corner menu; the page gives them in its language. */
export interface ChartWords {
  readonly menu: string;
  readonly png: string;
  readonly svg: string;
  readonly csv: string;
  readonly copy: string;
}

/** Those of a table's. */
export interface TableWords {
  readonly menu: string;
  readonly csv: string;
  readonly latex: string;
  readonly copy: string;
  readonly copyLatex: string;
}
