// What a refused request of the SDK comes to.

/** Status, type and description of a refusal; the status alone of what was not refused. */
export async function refusal(request) {
  try {
    return [(await request).status];
  } catch (error) {
    if (!error.response) throw error;
    return [error.response.status, error.response.data.type, error.response.data.description];
  }
}

/** The whole answer of a refusal. */
export async function refused(request) {
  try {
    return await request;
  } catch (error) {
    return error.response;
  }
}
