/** What happy-dom lacks: sizes, which the virtualiser asks for before it draws a row. */
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

for (const [name, size] of [["clientWidth", 400], ["clientHeight", 600], ["offsetWidth", 400], ["offsetHeight", 600]] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value: size });
}

afterEach(cleanup);
