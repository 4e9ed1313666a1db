const fault = (code) => Object.assign(new Error(`request to the platform failed, reason: ${code}`), { code });

/** How long a client waits for an answer. Milliseconds. */
const DEADLINE = 20_000;

/**
 * A way to a platform on which everything can happen to a request: it never arrives, it arrives after its sender has given up, its answer is lost.
 * A request that left its process arrives whether or not the process lives on.
 */
export function simNetwork(world, name, { latest, failed }) {
	const chance = world.chance.fork(`network ${name}`);

	/** What happens to this request, `ask` being what the platform does with it when it arrives. */
	function travel(ask, settle, faults) {
		const { clock } = world;
		const up = faults && world.fault(`${name}-jitter`) ? chance.int(5, 1_900) : chance.int(5, 120);
		const meets = (kind) => faults && world.fault(`${name}-${kind}`);
		const resets = (most) => chance.int(50, Math.max(60, most));
		const serve = () => {
			try {
				return { value: ask() };
			} catch (error) {
				return { error };
			}
		};
		const answer = (given) => {
			if (given.error) settle.reject(given.error);
			else settle.resolve(given.value);
		};
		if (meets("unreached")) return void clock.after(resets(3_000), () => settle.reject(fault("ECONNREFUSED")));
		if (meets("vanished")) {
			world.count.lost++;
			const slow = chance.chance(0.5);
			const gone = slow ? Object.assign(new Error("aborted"), { name: "AbortError" }) : fault("ECONNRESET");
			return void clock.after(slow ? DEADLINE : resets(5_000), () => settle.reject(gone));
		}
		if (meets("late")) {
			world.count.lost++;
			const landing = chance.int(1_000, latest);
			const slow = landing > DEADLINE || chance.chance(0.3);
			const gone = slow ? Object.assign(new Error("aborted"), { name: "AbortError" }) : fault("ECONNRESET");
			clock.after(landing, serve);
			return void clock.after(slow ? DEADLINE : resets(landing), () => settle.reject(gone));
		}
		if (meets("lost")) {
			world.count.lost++;
			clock.after(up, serve);
			const gone = chance.chance(0.5)
				? fault("ECONNRESET")
				: Object.assign(new Error("invalid json response body"), { type: "invalid-json" });
			return void clock.after(up + resets(2_000), () => settle.reject(gone));
		}
		if (meets("5xx-before")) {
			world.count.lost++;
			return void clock.after(up, () => settle.reject(failed(502)));
		}
		if (meets("5xx-after")) {
			world.count.lost++;
			return void clock.after(up, () => {
				const given = serve();
				settle.reject(given.error ?? failed(chance.pick([500, 502, 504])));
			});
		}
		clock.after(up, () => {
			const given = serve();
			clock.after(chance.int(5, 120), () => answer(given));
		});
	}

	return {
		/** Sends a request that the process may die at, under the name `call`. */
		request(process, call, ask, { faults = true, signal } = {}) {
			return new Promise((resolve, reject) => {
				if (!process.alive || process.meets(call, "before")) return;
				let over = false;
				const end = () => {
					over = true;
					signal?.removeEventListener("abort", stopped);
				};
				const settle = {
					resolve(value) {
						if (over || !process.alive || process.meets(call, "after")) return;
						end();
						resolve(value);
					},
					reject(error) {
						if (over || !process.alive) return;
						end();
						reject(error);
					},
				};
				const stopped = () => settle.reject(Object.assign(new Error("aborted"), { name: "AbortError" }));
				if (signal?.aborted) return void queueMicrotask(stopped);
				signal?.addEventListener("abort", stopped, { once: true });
				travel(ask, settle, faults);
			});
		},
	};
}
