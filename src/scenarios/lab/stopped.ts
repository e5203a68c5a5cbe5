/** The namespaces of a run did not become ready in time, so that no attack was carried out. */
export class LabNotReady extends Error {
  override readonly name = "LabNotReady";
}

/** The run was interrupted: nothing more is made, and what was made is taken down. */
export class LabStopped extends Error {
  override readonly name = "LabStopped";

  constructor() {
    super("the run was interrupted");
  }
}
