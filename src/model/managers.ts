/** What the field manager of every hold's patches begins with; eight digits of the hold follow (hold/managers.ts). */
export const HOLD_MANAGER = "kubectl-cronaudit-hold-";
