import { topics } from "../explain/index.ts";
import { rightsTopics } from "../explain/rights.ts";
import type { Topic } from "../model/topic.ts";
import { commands } from "./index.ts";

/** Every topic, with the rights that the commands need. */
export function allTopics(): readonly Topic[] {
  return [...topics(), ...rightsTopics(commands)];
}
