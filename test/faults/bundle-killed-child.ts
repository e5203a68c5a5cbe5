/** Writes a bundle and kills itself at the step that is named, as nothing in the program can answer to. */
import { preserve } from "../../src/cleanup/bundle/preserve.ts";
import { backup, fakeApi, filesThat, optionsFor, pathsOf, wanted } from "../unit/cleanup/bundle-fixture.ts";

const [path = "", step = "", force = ""] = process.argv.slice(2);
const { job, pod, cronJob } = backup(() => "hunter22");
const files = filesThat(step, () => process.kill(process.pid, "SIGKILL"));
const api = fakeApi({ objects: pathsOf([job, pod, cronJob]) });
await preserve(
  api,
  { objects: [wanted(job), wanted(pod)] },
  optionsFor(path, { files, logs: true, force: force === "force" }),
);
