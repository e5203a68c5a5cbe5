/** The release of gitleaks that vendor/ was taken from. Written by: npm run update-gitleaks */
export const GITLEAKS = {
  module: "github.com/zricethezav/gitleaks/v8",
  release: "v8.30.1",
  /** As in a go.sum. */
  sum: "h1:PmEvCfVI7ti9dV3s5aMZUY7sS2GxRvG3yzih7E+cS3w=",
  /** SHA-256 of the files in vendor/. */
  files: {
    "gitleaks.toml": "e163e53b9e7e8a8511e77271e2b323ed057759542a6d988258afe3a1fa329caf",
    LICENSE: "e3884b252b3bfc045e55be43a34d1e80da070bc6f804ac95bf4660e97d62ebc6",
  },
} as const;
