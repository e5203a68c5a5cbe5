import type { Sink } from "../output/format.ts";
import { ClosedPipe } from "./errors.ts";
import type { OutputStream } from "./io.ts";

/** Wraps a stream; a write throws ClosedPipe when the reader has gone away, as `| head` does. */
export function openSink(stream: OutputStream): Sink {
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error == null) resolve();
          else if ((error as NodeJS.ErrnoException).code === "EPIPE") reject(new ClosedPipe());
          else reject(error);
        });
      }),
  };
}
