/** Sees that a server answers rightly before anything is measured: a fast wrong answer is worth nothing. */
import { Agent, get, type IncomingMessage } from "node:http";

interface Answer {
  readonly status: number | undefined;
  readonly body: Buffer;
  readonly closes: boolean;
  readonly reused: boolean;
}

/** @returns what is wrong with its answers, or nothing: status, length and every byte; kept alive, and closed when asked. */
export async function checkAnswers(port: number, path: string, expected: Buffer, close: boolean): Promise<string | undefined> {
  const agent = new Agent({ keepAlive: !close, maxSockets: 1 });
  try {
    for (let request = 0; request < 3; request++) {
      const answer = await ask(agent, port, path, close);
      if (answer.status !== 200) return `answered ${path} with ${String(answer.status)}`;
      if (answer.body.length !== expected.length) return `answered ${path} with ${answer.body.length} bytes, not ${expected.length}`;
      if (!answer.body.equals(expected)) return `answered ${path} with the right number of wrong bytes`;
      if (close && !answer.closes) return "keeps a connection alive that was to be closed";
      if (!close && answer.reused !== request > 0) return "does not keep a connection alive";
    }
    return undefined;
  } catch (error) {
    return `gave no answer: ${String(error)}`;
  } finally {
    agent.destroy();
  }
}

function ask(agent: Agent, port: number, path: string, close: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: close ? "close" : "keep-alive" };
    const request = get({ agent, host: "127.0.0.1", port, path, headers, timeout: 5_000 }, (response: IncomingMessage) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode,
          body: Buffer.concat(parts),
          closes: response.headers.connection === "close",
          reused: request.reusedSocket,
        }),
      );
    });
    request.once("error", reject);
    request.once("timeout", () => request.destroy(new Error("no answer in 5 s")));
  });
}
