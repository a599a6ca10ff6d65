/** What happy-dom lacks: sizes, which a list asks for before it draws a row; and the patience of every test. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

for (const [name, size] of [["clientWidth", 400], ["clientHeight", 600], ["offsetWidth", 400], ["offsetHeight", 600]] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value: size });
}

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 20_000 });

afterEach(cleanup);
