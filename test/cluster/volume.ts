/** How many times the usual number of random cases a suite runs: 1 in `npm test`, more with `npm run differential -- --times N`. */
export const VOLUME = Math.max(1, Math.trunc(Number(process.env["CRONAUDIT_VOLUME"] ?? 1)) || 1);
