/** What the lines of a timeline are fitted to. */
export interface TimelineLayout {
  /** Columns of the terminal. */
  width: number;
  color: boolean;
  headers: boolean;
  /** Milliseconds since the epoch at which the evidence was taken. */
  now: number;
}
