// A worker: lives the seeds that it is sent and says what came of each.
import { lives } from "./lives.mjs";

process.on("message", async (share) => process.send(await lives(share)));
