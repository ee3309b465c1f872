/** Makes something when it is first asked for, and once; what failed is tried again the next time. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => {
    made ??= make();
    const current = made;
    try {
      return await current;
    } catch (error) {
      if (made === current) {
        made = undefined;
      }
      throw error;
    }
  };
}
