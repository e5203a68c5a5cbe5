/** A template or a list of columns that cannot be read, or that the report does not fit; the message says why. */
export class TemplateError extends Error {
  override name = "TemplateError";
}
