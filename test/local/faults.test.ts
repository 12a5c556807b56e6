import { faultNames, seededFaults } from '../../local/faults/faults.ts'

const draws = (seed: number, spec: string, name: (typeof faultNames)[number], count = 1000) => {
  const faults = seededFaults(seed, spec)
  return Array.from({ length: count }, () => faults.happens(name))
}

test('nothing goes wrong unless it is asked for', () => {
  for (const name of faultNames) expect(draws(1, '', name)).not.toContain(true)
})

test('the same seed draws the same decisions', () => {
  expect(draws(7, 'post410:0.3', 'post410')).toEqual(draws(7, 'post410:0.3', 'post410'))
  expect(draws(7, 'post410:0.3', 'post410')).not.toEqual(draws(8, 'post410:0.3', 'post410'))
})

test('each kind has a sequence of its own', () => {
  const alone = seededFaults(7, 'post410:0.3')
  const beside = seededFaults(7, 'post410:0.3,dropDisconnect:0.5')
  for (let time = 0; time < 100; time++) {
    beside.happens('dropDisconnect')
    expect(beside.happens('post410')).toBe(alone.happens('post410'))
  }
})

test('faults strike about as often as their probability says', () => {
  const happens = draws(3, 'killAtCall:0.2', 'killAtCall', 10_000).filter(Boolean).length
  expect(happens).toBeGreaterThan(1800)
  expect(happens).toBeLessThan(2200)
})

test('they can be changed while it runs', () => {
  const faults = seededFaults(1, 'post410:1')
  faults.set('')
  expect(faults.happens('post410')).toBe(false)
})

test('a name that does not exist is refused with those that do', () => {
  expect(() => seededFaults(1, 'dropConnect:0.1')).toThrow(
    'There is no fault "dropConnect"; there are dropDisconnect, ',
  )
})

test.each(['post410', 'post410:', 'post410:2', 'post410:x', 'post410:-1'])('%s is refused', (spec) => {
  expect(() => seededFaults(1, spec)).toThrow('needs a probability')
})
