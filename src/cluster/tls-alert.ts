import type { buildConnector } from "undici";

/**
 * Under TLS 1.3 a server refuses a client's certificate after the client has already begun to send; undici then reports
 * a closed connection and drops the alert, which says why. This connector hands it over.
 */
export function noticingAlerts(
  connect: buildConnector.connector,
  onAlert: (alert: Error) => void,
): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result;
      socket?.prependListener("error", (error: NodeJS.ErrnoException) => {
        if (error.code?.includes("_ALERT_")) onAlert(error);
      });
      callback(...result);
    });
}
