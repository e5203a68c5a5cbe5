/** Objects of programs in which settings and secrets are found. */
const OBJECTS =
  /^(os|process|config|settings|var|local|data|self|this|env|args|opts|options|params|request|req|ctx|cfg|conf|values|module|secrets|vars|inputs|github|parameters)\.\w/i;
const CALL = /^[\w.:$]{1,64}[([]/i;
/** A call or an index that ends: nobody's password. */
const WHOLE = /^[A-Za-z_][\w.]{0,63}(\([^()]{0,256}\)|\[['"]?[\w$.-]{1,64}['"]?\])/;

/** True for an expression of a program in whose text it stands without quotes. */
export function isExpression(value: string): boolean {
  return OBJECTS.test(value) || CALL.test(value);
}

/** True for what a program computes and a person would not choose, whether or not quotes stood around it. */
export function isComputed(value: string): boolean {
  return WHOLE.test(value) || (OBJECTS.test(value) && /^[A-Za-z_.$]{1,128}$/.test(value));
}
