# 50,000 persons for tests/golden/kernels/kernels.yogo: fixed seed, only whole-number arithmetic and one logarithm, rounded.
function uniform() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
BEGIN {
	seed = 20240501
	print "id,age,sex,site,arm,bmi,crp,entry,time,time_c,status,visits,cost,resp,weight"
	split("I II III IV V VI VII", site, " ")
	for (i = 1; i <= 50000; i++) {
		age = 30 + int(600 * uniform()) / 10
		arm = uniform() < 0.3 + 0.004 * (age - 30)
		bmi = int(100 * (18 + 8 * (uniform() + uniform()))) / 100
		crp = uniform() < 0.05 ? "" : int(10 * (1 + 40 * uniform() * uniform())) / 10
		days = int(-log(uniform()) * 900 / (1 + 0.02 * (age - 30) - 0.3 * arm)) + 1
		end = 1 + int(1500 * uniform())
		status = days > end ? 0 : 1 + (uniform() < 0.25)
		if (days > end) days = end
		entry = int(days * 0.3 * uniform())
		printf "%d,%.1f,%s,%s,%d,%.2f,%s,%d,%d,%d.%03d%07d,%d,%d,%.2f,%d,%.2f\n", i, age, uniform() < 0.5 ? "F" : "M", site[1 + int(7 * uniform())], arm, bmi, crp, entry, days, \
			days, int(1000 * uniform()), i, status, int(6 * uniform() * uniform()), 1000 + int(500000 * uniform()) / 100, uniform() < 0.2 + 0.004 * (age - 30), 0.5 + int(200 * uniform()) / 100
	}
}
