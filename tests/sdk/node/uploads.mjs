// An upload that is sent on while it arrives, and a reply of bytes.
import { createHash } from "node:crypto";

import { OpenAI, PROMPT, print } from "./openai.mjs";

const client = new OpenAI();
const sound = Buffer.alloc(3 << 20, "\r\n--\0");
const file = await OpenAI.toFile(sound, "sound.wav");
const asked = { model: "gpt-4o-mini-tts", voice: "alloy", input: PROMPT };
const speech = await client.audio.speech.create(asked);
print({
  sha256: createHash("sha256").update(sound).digest("hex"),
  transcription: await client.audio.transcriptions.create({ model: "whisper-1", file }),
  speech: Buffer.from(await speech.arrayBuffer()).toString("base64").slice(0, 1000),
});
