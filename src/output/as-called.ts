/** A text of this program's, with its own command lines as the user would type them here; those of kubectl's stay. */
export function asCalled(text: string, program: string): string {
  return text.replaceAll(/kubectl cronaudit(?=[ "`.])/g, () => program);
}
