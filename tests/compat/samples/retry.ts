async function streamWithRetry(makeRequest: () => Promise<Response>, retries = 3) {
  let attempt = 0;

  while (true) {
    try {
      const response = await makeRequest();

      if (response.ok) {
        return response;
      }

      if (response.status < 500 && response.status !== 429) {
        throw new Error(`Non-retryable error: ${response.status}`);
      }

      throw new Error(`Retryable error: ${response.status}`);
    } catch (error) {
      attempt += 1;

      if (attempt > retries) {
        throw error;
      }

      const delayMs = 500 * 2 ** (attempt - 1);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}
