/** Who may do what: the authorizer's rules over a snapshot. */
export { authorize, type Decision } from "./authorize.ts";
export { compileRbac, type Binding, type Grant, type Rbac } from "./compile.ts";
export { readEdges, readerSets, readersOf, type Readable } from "./readers.ts";
export type { NonResourceRequest, Request, ResourceRequest } from "./rules.ts";
export { identityOf, isEveryone, type Identity } from "./subjects.ts";
export { whoCan, type Granted } from "./who-can.ts";
export { accessReport } from "./report.ts";
export { accessOf, type Access } from "./ways.ts";
export { worldOf, type World } from "./world.ts";
export { SubjectNotFound } from "./select.ts";
