import type { ControlPlane } from "../../control-plane/provider.ts";
import { cronaudit, reportOf, type Run } from "../program.ts";
import type { Facts } from "./facts.ts";

/** The loaded cast and the ways in which tests look at it. */
export interface Stage {
  plane: ControlPlane;
  facts: Facts;
  /** Kubeconfig of the administrator. */
  admin: string;
  /** Kubeconfig of the developer who may list the pods of `team` and do nothing else. */
  developer: string;
  /** A report as the administrator sees it, with status 0; each is asked for once. */
  report<Report>(...args: string[]): Promise<Report>;
  /** What the administrator's terminal would show; status 0. */
  shown(...args: string[]): Promise<Run>;
}

/** Hands the stage to tests, which are declared before it exists. */
export type OnStage = () => Stage;

export function openStage(given: Pick<Stage, "plane" | "facts" | "developer">): Stage {
  const admin = given.plane.adminKubeconfig;
  const reports = new Map<string, Promise<unknown>>();
  return {
    ...given,
    admin,
    report<Report>(...args: string[]): Promise<Report> {
      const key = args.join(" ");
      const asked = reports.get(key) ?? reportOf<Report>(admin, args);
      reports.set(key, asked);
      return asked as Promise<Report>;
    },
    async shown(...args) {
      const run = await cronaudit(admin, args);
      if (run.status !== 0) throw new Error(`${args.join(" ")}: status ${String(run.status)}: ${run.stderr}`);
      return run;
    },
  };
}
