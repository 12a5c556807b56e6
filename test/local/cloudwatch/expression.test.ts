import { evaluate, type Values } from '../../../local/cloudwatch/expression.ts'

const of = (expression: string, metrics: Record<string, Values> = {}) =>
  evaluate(expression, new Map(Object.entries(metrics)))

const gap = undefined

test.each([
  ['a + b * 2', [21]],
  ['(a + b) * 2', [22]],
  ['a - b - 1', [-10]],
  ['b / a / 2', [5]],
  ['-a', [-1]],
  ['a > b', [0]],
  ['a + 9 >= b', [1]],
  ['a <= 1', [1]],
  ['a != 1', [0]],
  ['a == 1', [1]],
  ['a < 0.5', [0]],
])('%s', (expression, expected) => expect(of(expression, { a: [1], b: [10] })).toEqual(expected))

test('where one side has no value there is none', () => {
  expect(of('a + b', { a: [1, gap, 3], b: [1, 2, gap] })).toEqual([2, gap, gap])
})

test('what is divided by zero has no value', () => expect(of('a / b', { a: [1, 0], b: [0, 0] })).toEqual([gap, gap]))

test('FILL gives each missing value', () => {
  expect(of('FILL(a, 0) + FILL(b, 7)', { a: [1, gap], b: [gap, gap] })).toEqual([8, 7])
})

test('IF chooses for each period, and has no value without its condition', () => {
  expect(of('IF(n >= 3, 100 * n / all, 0)', { n: [3, 2, gap], all: [6, 4, 8] })).toEqual([50, 0, gap])
})

test.each([
  ['SUM(a)', 'does not know the function SUM'],
  ['a ** 2', 'names *, which is no metric of it'],
  ['a b', 'goes on after its end'],
  ['(a', 'its end where ) should be'],
  ['c + 1', 'names c, which is no metric of it'],
  ['a ^ 2', 'does not know ^'],
  ['1 + 1', 'reads no metric'],
])('%s is refused', (expression, problem) => expect(() => of(expression, { a: [1] })).toThrow(problem))
