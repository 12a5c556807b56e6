/** A value for each period, oldest first. */
export type Values = (number | undefined)[]

type Operand = Values | number

/** Evaluates metric math of CloudWatch: arithmetic, comparisons, `FILL` and `IF`. */
export function evaluate(expression: string, metrics: ReadonlyMap<string, Values>): Values {
  const tokens = tokensOf(expression)
  let at = 0
  const peek = () => tokens[at]
  const take = (wanted?: string) => {
    const token = tokens[at++]
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new Error(`"${expression}" has ${token ?? 'its end'} where ${wanted ?? 'a value'} should be`)
    return token
  }

  function level(operators: readonly string[], next: () => Operand): Operand {
    let left = next()
    for (let token = peek(); token !== undefined && operators.includes(token); token = peek()) {
      at++
      left = combine(token, left, next())
    }
    return left
  }
  const comparison = (): Operand => level(['>', '<', '>=', '<=', '==', '!='], terms)
  const terms = (): Operand => level(['+', '-'], factors)
  const factors = (): Operand => level(['*', '/'], operand)

  function operand(): Operand {
    const token = take()
    if (token === '(') {
      const inner = comparison()
      take(')')
      return inner
    }
    if (token === '-') return combine('*', -1, operand())
    if (/^[\d.]/.test(token)) return Number(token)
    if (peek() === '(') return call(token)
    const values = metrics.get(token)
    if (!values) throw new Error(`"${expression}" names ${token}, which is no metric of it`)
    return values
  }

  function call(name: string): Operand {
    take('(')
    const given = [comparison()]
    while (peek() === ',') {
      at++
      given.push(comparison())
    }
    take(')')
    const [first = [], second = [], third = []] = given
    const lists = given.find((operand) => Array.isArray(operand))
    const length = Array.isArray(lists) ? lists.length : 0
    const each = (of: (at: number) => number | undefined): Values => Array.from({ length }, (_, index) => of(index))
    if (name === 'FILL' && given.length === 2) return each((index) => valueAt(first, index) ?? valueAt(second, index))
    if (name === 'IF' && given.length === 3)
      return each((index) => {
        const test = valueAt(first, index)
        return test === undefined ? undefined : valueAt(test === 0 ? third : second, index)
      })
    throw new Error(`The local run does not know the function ${name} with ${given.length} arguments`)
  }

  const result = comparison()
  if (at < tokens.length) throw new Error(`"${expression}" goes on after its end, with ${peek()}`)
  if (!Array.isArray(result)) throw new Error(`"${expression}" reads no metric`)
  return result
}

function tokensOf(expression: string): string[] {
  const found = expression.match(/\d+(?:\.\d+)?|[A-Za-z]\w*|>=|<=|==|!=|[-+*/()<>,]|\S/g) ?? []
  const unknown = found.find((token) => !/^(?:[\d.]+|[A-Za-z]\w*|>=|<=|==|!=|[-+*/()<>,])$/.test(token))
  if (unknown !== undefined) throw new Error(`The local run does not know ${unknown} in "${expression}"`)
  return found
}

const valueAt = (operand: Operand, index: number) => (Array.isArray(operand) ? operand[index] : operand)

/** A period in which one side has no value has none. CloudWatch drops what is divided by zero. */
function combine(operator: string, left: Operand, right: Operand): Operand {
  const one = (a: number | undefined, b: number | undefined) => {
    if (a === undefined || b === undefined) return undefined
    const value = apply(operator, a, b)
    return Number.isFinite(value) ? value : undefined
  }
  if (!Array.isArray(left) && !Array.isArray(right)) return apply(operator, left, right)
  const length = Math.max(Array.isArray(left) ? left.length : 0, Array.isArray(right) ? right.length : 0)
  return Array.from({ length }, (_, index) => one(valueAt(left, index), valueAt(right, index)))
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '>':
      return Number(a > b)
    case '<':
      return Number(a < b)
    case '>=':
      return Number(a >= b)
    case '<=':
      return Number(a <= b)
    case '==':
      return Number(a === b)
  }
  return Number(a !== b)
}
