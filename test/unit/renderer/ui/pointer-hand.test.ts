import { expect, test, vi } from 'vitest';
import { PointerHand } from '#ui/pointer-hand.ts';

function hand() {
  const hears = { hold: vi.fn(), move: vi.fn(), click: vi.fn(), drag: vi.fn(), pinch: vi.fn() };
  const pointers = new PointerHand(hears);
  const event = (x: number, y: number, pointerId = 1) =>
    ({ offsetX: x, offsetY: y, pointerId, button: 0 }) as unknown as PointerEvent;
  return { hears, pointers, event };
}

test('a press that hardly moves is a click where it began', () => {
  const { hears, pointers, event } = hand();
  pointers.down(event(10, 10));
  pointers.moved(event(12, 11));
  pointers.up(event(12, 11));
  expect(hears.click).toHaveBeenCalledWith({ x: 10, y: 10 });
  expect(hears.drag).not.toHaveBeenCalled();
});

test('a press that moves is a drag and no click', () => {
  const { hears, pointers, event } = hand();
  pointers.down(event(10, 10));
  pointers.moved(event(30, 10));
  pointers.moved(event(35, 20));
  pointers.up(event(35, 20));
  expect(hears.click).not.toHaveBeenCalled();
  expect(hears.drag.mock.calls.map(([by]) => by as unknown)).toEqual([
    { x: 20, y: 0 },
    { x: 5, y: 10 },
  ]);
});

test('two fingers that part zoom about their middle', () => {
  const { hears, pointers, event } = hand();
  pointers.down(event(0, 0, 1));
  pointers.down(event(100, 0, 2));
  pointers.moved(event(200, 0, 2));
  expect(hears.pinch).toHaveBeenCalledWith(2, { x: 100, y: 0 });
  pointers.up(event(200, 0, 2));
  pointers.up(event(0, 0, 1));
  expect(hears.click).not.toHaveBeenCalled();
});

test('without a press it only says where the pointer is', () => {
  const { hears, pointers, event } = hand();
  pointers.moved(event(7, 8));
  expect(hears.move).toHaveBeenCalledWith({ x: 7, y: 8 });
});
