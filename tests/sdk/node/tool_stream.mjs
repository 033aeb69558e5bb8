// A function call, streamed by both APIs.
import { MODEL, OpenAI, PROMPT, collect, print } from "./openai.mjs";

const client = new OpenAI();
const look_up = {
  name: "look_up",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer" } },
    required: ["city", "days"],
    additionalProperties: false,
  },
  strict: true,
};
const response = await client.responses.create({
  model: MODEL,
  input: PROMPT,
  stream: true,
  tools: [{ type: "function", ...look_up }],
  tool_choice: "required",
});
const events = await collect(response);
const completion = client.chat.completions.stream({
  model: MODEL,
  messages: [{ role: "user", content: PROMPT }],
  tools: [{ type: "function", function: look_up }],
  tool_choice: "required",
});
const chunks = await collect(completion);
print({ events, chunks, message: await completion.finalMessage() });
