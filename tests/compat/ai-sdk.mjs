// The Vercel AI SDK with its provider for OpenAI-compatible services.

import assert from "node:assert/strict";

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, jsonSchema, stepCountIs, streamText, tool } from "ai";

import { EMPTY_KEY, KEY, MODEL, plainText, TWO_CITIES, WEATHER } from "./gateway.mjs";

const SLOGAN = "Write a slogan for a fast AI API.";

export function aiSdkProofs(gateway) {
  /** `streamText` against the gateway; what it reports as errors is kept instead of printed. */
  function start(options, { apiKey = KEY, model = MODEL } = {}) {
    const provider = createOpenAICompatible({
      name: "solrouter",
      baseURL: gateway.baseUrl,
      apiKey,
      includeUsage: true,
    });
    const errors = [];
    const onError = ({ error }) => void errors.push(error);
    return { result: streamText({ model: provider(model), maxRetries: 0, onError, ...options }), errors };
  }

  const weather = (execute) =>
    tool({
      description: WEATHER.function.description,
      inputSchema: jsonSchema(WEATHER.function.parameters),
      ...(execute && { execute }),
    });

  const refusals = [
    [401, { apiKey: "sk-other" }, "hi", "invalid_api_key"],
    [402, { apiKey: EMPTY_KEY }, "hi", "insufficient_balance"],
    [404, { model: "demo/none" }, "hi", "model_not_found"],
    [429, { model: "demo/flaky" }, "429 always", "rate_limit_exceeded"],
  ];

  return [
    ["streamText gives the text, its end and usage with cost", async () => {
      const { result, errors } = start({ prompt: SLOGAN });
      let text = "";
      for await (const delta of result.textStream) text += delta;
      const plain = await plainText(gateway, SLOGAN);
      const usage = await result.usage;
      assert.deepEqual(errors, []);
      assert.equal(text, plain.text);
      assert.equal(await result.text, plain.text);
      assert.equal(await result.finishReason, "stop");
      assert.equal((await result.response).modelId, MODEL);
      assert.equal(usage.inputTokens, plain.usage.prompt_tokens);
      assert.equal(usage.outputTokens, plain.usage.completion_tokens);
      assert.equal(usage.raw.cost, plain.usage.cost);
    }],
    ["reasoning arrives as reasoning, apart from the text", async () => {
      const { result } = start({ prompt: "What is 17 * 23?" }, { model: "demo/thinker" });
      const [reasoning, text] = await Promise.all([result.reasoningText, result.text]);
      assert.ok(reasoning.length > 0);
      assert.match(text, /391/);
    }],
    ["streamText gives two parallel calls", async () => {
      const { result, errors } = start({ prompt: TWO_CITIES, tools: { get_weather: weather() } });
      const kinds = [];
      for await (const part of result.fullStream) kinds.push(part.type);
      const calls = await result.toolCalls;
      assert.deepEqual(errors, []);
      assert.deepEqual(calls.map((call) => call.input), [{ city: "Tokyo" }, { city: "Paris" }]);
      assert.equal(new Set(calls.map((call) => call.toolCallId)).size, 2);
      assert.ok(kinds.filter((kind) => kind === "tool-input-delta").length > 2, "arguments come in fragments");
      assert.equal(await result.finishReason, "tool-calls");
    }],
    ["it runs both tools and goes on to an answer made of them", async () => {
      const execute = ({ city }) => ({ city, forecast: `rain over ${city}` });
      const { result, errors } = start({
        prompt: TWO_CITIES,
        tools: { get_weather: weather(execute) },
        stopWhen: stepCountIs(3),
      });
      const text = await result.text;
      assert.deepEqual(errors, []);
      assert.equal((await result.steps).length, 2);
      for (const city of ["Tokyo", "Paris"]) assert.ok(text.includes(`rain over ${city}`), text);
    }],
    ...refusals.map(([status, client, prompt, code]) => [`${status} is an APICallError with its code`, async () => {
      const { result, errors } = start({ prompt }, client);
      await result.consumeStream({ onError: () => {} });
      const [error] = errors;
      assert.ok(APICallError.isInstance(error), String(error));
      assert.equal(error.statusCode, status);
      assert.equal(error.data.error.code, code);
      assert.equal(error.isRetryable, status === 429);
    }]),
    ["an error inside the stream is reported, after the text before it", async () => {
      const { result, errors } = start({ prompt: "error" }, { model: "demo/flaky" });
      let text = "";
      for await (const part of result.fullStream) if (part.type === "text-delta") text += part.text;
      assert.match(text, /^I begin as if nothing were wrong/);
      assert.match(JSON.stringify(errors), /The provider failed/);
    }],
  ];
}
