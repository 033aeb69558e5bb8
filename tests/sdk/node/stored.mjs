// What is stored at the upstream: made, read by its id, listed, changed and deleted.
import { MODEL, OpenAI, PROMPT, print, told } from "./openai.mjs";

const client = new OpenAI({ maxRetries: 0 });
const chats = client.chat.completions;
const { responses } = client;
const messages = [{ role: "user", content: PROMPT }];

async function outcome(promise) {
  try {
    const got = await promise;
    return got?.getPaginatedItems ? { data: got.getPaginatedItems() } : got;
  } catch (error) {
    return told(error);
  }
}

const response = await responses.create({ model: MODEL, input: PROMPT });
const chat = await chats.create({ model: MODEL, messages, store: true });
print({
  made: { response, chat },
  read: {
    response: await outcome(responses.retrieve(response.id)),
    items: await outcome(responses.inputItems.list(response.id)),
    chat: await outcome(chats.retrieve(chat.id)),
    messages: await outcome(chats.messages.list(chat.id)),
    models: await outcome(client.models.list()),
  },
  chats: {
    updated: await outcome(chats.update(chat.id, { metadata: { a: "b" } })),
    listed: await outcome(chats.list()),
  },
  cancelled: await outcome(responses.cancel(response.id)),
  deleted: {
    chat: await outcome(chats.delete(chat.id)),
    response: await outcome(responses.delete(response.id)).then((none) => none ?? { deleted: true }),
    model: await outcome(client.models.delete("ft:gpt-4.1:org::id")),
  },
});
