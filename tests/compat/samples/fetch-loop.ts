const response = await fetch("https://api.solrouter.io/ai/chat/completions", {
  method: "POST",
  headers: {
    "Authorization": `Bearer ${process.env.SOLROUTER_API_KEY}`,
    "Content-Type": "application/json",
    "Accept": "text/event-stream",
  },
  body: JSON.stringify({
    model: "openai/gpt-4o-mini",
    stream: true,
    messages: [
      { role: "user", content: "Explain streaming in one paragraph." },
    ],
  }),
});

if (!response.ok || !response.body) {
  throw new Error(`Request failed: ${response.status}`);
}

const reader = response.body.getReader();
const decoder = new TextDecoder();

let buffer = "";
let fullText = "";
let usage: unknown = null;

while (true) {
  const { value, done } = await reader.read();
  if (done) break;

  buffer += decoder.decode(value, { stream: true });

  const parts = buffer.split("\n\n");
  buffer = parts.pop() ?? "";

  for (const part of parts) {
    const line = part.trim();
    if (!line.startsWith("data: ")) continue;

    const payload = line.slice(6);

    if (payload === "[DONE]") {
      console.log("Stream complete");
      continue;
    }

    const chunk = JSON.parse(payload);
    const delta = chunk.choices?.[0]?.delta?.content ?? "";

    if (delta) {
      fullText += delta;
      process.stdout.write(delta);
    }

    if (chunk.usage) {
      usage = chunk.usage;
    }
  }
}

console.log("\nFinal text:", fullText);
console.log("Usage:", usage);
