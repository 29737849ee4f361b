let fullText = "";

for await (const chunk of stream) {
  const part = chunk.choices?.[0]?.delta?.content ?? "";
  fullText += part;
}
