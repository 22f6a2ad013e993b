/** What a choice of a class says. */
export interface ClassPickerWords {
  readonly search: (count: number) => string;
  readonly nothing: string;
  /** How many are not in the list. */
  readonly more: (count: number) => string;
  readonly locale: string;
}
