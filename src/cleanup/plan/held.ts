/** The history limit that a hold sets (hold/fields.ts): the greatest that the API takes, so that nothing is pruned. */
export const NO_LIMIT = 2_147_483_647;
