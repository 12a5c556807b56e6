import { faultNames, seededFaults } from '../../local/faults/faults.ts'

const draws = (seed: number, spec: string, name: (typeof faultNames)[number], count = 1000) => {
  const faults = seededFaults(seed, spec)
  return Array.from({ length: count }, () => faults.happens(name))
}

test('no fault happens without a specification', () => {
  for (const name of faultNames) expect(draws(1, '', name)).not.toContain(true)
})

test('the same seed draws the same decisions', () => {
  expect(draws(7, 'post410:0.3', 'post410')).toEqual(draws(7, 'post410:0.3', 'post410'))
  expect(draws(7, 'post410:0.3', 'post410')).not.toEqual(draws(8, 'post410:0.3', 'post410'))
})

test('each fault has a separate sequence', () => {
  const single = seededFaults(7, 'post410:0.3')
  const both = seededFaults(7, 'post410:0.3,dropDisconnect:0.5')
  for (let time = 0; time < 100; time++) {
    both.happens('dropDisconnect')
    expect(both.happens('post410')).toBe(single.happens('post410'))
  }
})

test('a fault happens about as often as its probability says', () => {
  const count = draws(3, 'killAtCall:0.2', 'killAtCall', 10_000).filter(Boolean).length
  expect(count).toBeGreaterThan(1800)
  expect(count).toBeLessThan(2200)
})

test('the specification can be replaced', () => {
  const faults = seededFaults(1, 'post410:1')
  faults.set('')
  expect(faults.happens('post410')).toBe(false)
})

test('an unknown fault is refused with a list of the known ones', () => {
  expect(() => seededFaults(1, 'dropConnect:0.1')).toThrow(
    'There is no fault "dropConnect"; there are dropDisconnect, ',
  )
})

test.each(['post410', 'post410:', 'post410:2', 'post410:x', 'post410:-1'])(
  '%s is refused because its probability is missing or invalid',
  (spec) => {
    expect(() => seededFaults(1, spec)).toThrow('needs a probability')
  },
)
