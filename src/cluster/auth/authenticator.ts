/** A certificate that a credential plugin handed over, both parts PEM. */
export interface ClientCertificate {
  certificate: string;
  key: string;
}

/** What proves to the server who we are. Values leave it only towards the request they are for. */
export interface Credentials {
  /** The Authorization header, or null where a certificate or nothing speaks for us. */
  authorization: string | null;
  certificate: ClientCertificate | null;
}

/** Gives credentials, fresh ones where the old have run out. */
export interface Authenticator {
  credentials(): Promise<Credentials>;
  /** Called after the server refused them: true when there are others to try. */
  renew(): Promise<boolean>;
}

/** Credentials that do not change. */
export function fixed(authorization: string | null): Authenticator {
  return {
    credentials: () => Promise.resolve({ authorization, certificate: null }),
    renew: () => Promise.resolve(false),
  };
}
