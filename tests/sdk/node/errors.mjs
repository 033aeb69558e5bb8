// The error of each status that is named as an argument.
import { OpenAI, PROMPT, print, told } from "./openai.mjs";

const client = new OpenAI();

async function failure(status) {
  try {
    return await client.responses.create({ model: `error-${status}`, input: PROMPT });
  } catch (error) {
    return told(error);
  }
}

const errors = {};
for (const status of process.argv.slice(2)) errors[status] = await failure(status);
print(errors);
