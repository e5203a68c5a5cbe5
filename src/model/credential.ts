/** What kind of thing a credential is; extended by rules, so readers of JSON must expect more. */
export type CredentialKind =
  | "password"
  | "connection-string"
  | "private-key"
  | "ssh-key"
  | "cloud-key"
  | "provider-token"
  | "jwt"
  | "basic-auth"
  | "webhook-url"
  | "token"
  | "secret-key"
  | "serviceaccount-token"
  | "secret-reference";

/** How sure recognition is. `possible` is shown only with --all. */
export type Confidence = "certain" | "likely" | "possible";

/** What recognition says of one name and value; never the value. */
export interface Verdict {
  kind: CredentialKind;
  confidence: Confidence;
  /** The evidence in words, without any part of the value. */
  because: string;
}
