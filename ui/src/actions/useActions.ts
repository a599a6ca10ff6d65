/**
 * The registry for React: `useActions([...])` while a component is shown, `useActionList()` for those who draw the list,
 * `<ActionLayer>` around a dialog's content so that its keys, and only its keys, are heard while it is open; `useHold` while what the
 * keys are for is still to come.
 */
import { createContext, useContext, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { actions, closeLayer, forget, handleKey, hold, letGo, openLayer, register, subscribe, unregister } from "./registry";
import type { Action } from "./registry";

const Layer = createContext(0);

/** Offers these actions while the component is mounted. The list may change at every render. `frame`: give way to screens. */
export function useActions(list: readonly Action[], frame = false): void {
  const layer = useContext(Layer);
  const [token] = useState(() => Symbol("actions"));
  useEffect(() => {
    register(token, list, layer, frame);
  }, [token, list, layer, frame]);
  useEffect(() => () => unregister(token), [token]);
}

/**
 * Offers actions that are made once and ask what is true (`live`) when they are pressed or listed: where a component is drawn with
 * every key, nothing is registered again. `make` is one function for good.
 */
export function useSteadyActions<Live>(live: Live, make: (now: () => Live) => readonly Action[]): void {
  const layer = useContext(Layer);
  const [token] = useState(() => Symbol("actions"));
  const latest = useRef(live);
  useLayoutEffect(() => {
    latest.current = live;
  });
  useEffect(() => {
    register(
      token,
      make(() => latest.current),
      layer,
    );
    return () => unregister(token);
  }, [token, make, layer]);
}

/** Keeps keys while what they are for is not there yet (see the registry): they are given to it when it is. */
export function useHold(waiting: boolean): void {
  const [token] = useState(() => Symbol("hold"));
  useLayoutEffect(() => {
    if (waiting) hold(token);
  }, [waiting, token]);
  useEffect(() => {
    if (waiting) return;
    // When all effects of the drawing that ends it have run: what was drawn has put its actions in place.
    let again = false;
    queueMicrotask(() => again || letGo(token));
    return () => {
      again = true;
    };
  }, [waiting, token]);
  useEffect(() => () => forget(token), [token]);
}

/** The actions on offer in the window, for the palette and the key sheet. */
export function useActionList(): readonly Action[] {
  return useSyncExternalStore(subscribe, actions, actions);
}

/** Provider of the layer number; use through ActionLayer in components/Dialog. */
export const ActionLayerProvider = Layer.Provider;

/** Opens a new layer for the life of the component and says its number. */
export function useActionLayer(): number {
  const layer = useContext(Layer) + 1;
  const [token] = useState(() => Symbol("layer"));
  useEffect(() => {
    openLayer(token, layer);
    return () => closeLayer(token);
  }, [token, layer]);
  return layer;
}

/** Listens for keys in the whole window; mounted once, by the frame. */
export function useHotkeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      handleKey(event, event.timeStamp);
    };
    // With Ctrl or Cmd it is a command wherever the focus is; a button that has it would take the Enter in it for a press.
    const onCommand = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) handleKey(event, event.timeStamp);
    };
    window.addEventListener("keydown", onCommand, true);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onCommand, true);
      window.removeEventListener("keydown", onKey);
    };
  }, []);
}
