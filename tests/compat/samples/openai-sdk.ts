import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "https://api.solrouter.io/ai",
  apiKey: process.env.SOLROUTER_API_KEY,
});

const stream = await client.chat.completions.create({
  model: "openai/gpt-4o-mini",
  stream: true,
  messages: [
    { role: "user", content: "Write a short poem about APIs." },
  ],
});

for await (const chunk of stream) {
  const text = chunk.choices?.[0]?.delta?.content ?? "";
  process.stdout.write(text);
}
