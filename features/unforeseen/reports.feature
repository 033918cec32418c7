Feature: Reports that were joined wrongly
  What was joined by mistake is taken apart again, and its deadlines begin anew.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported
    And ten minutes later Bram has reported the same
    And Ding has merged the second report into the first

  Rule: unmerge - what was joined wrongly goes on under its own number
    Scenario: Two days later
      Given it has become Wednesday 17 April 2024, 09:00
      When Ding takes the second report apart again
      Then the second report is "Reopened"
      And the second report has until Thursday 18 April 2024, 10:00 for "Safety questions"
